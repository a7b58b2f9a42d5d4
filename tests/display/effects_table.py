"""What may be said of five interventions."""

import numpy as np
import pandas as pd

EFFECTS = pd.DataFrame(
    {
        "intervention": ["Mentor", "Prize of $5_ & ^$", "Home visit", "Breakfast club", "Not begun"],
        "verdict": ["likely helped", "likely worse", "no clear effect", "too few to tell", "too few to tell"],
        "pupils": [40, 22, 31, 5, 0],
        "estimate": [0.04, -0.03, 0.001, 0.02, np.nan],
        "low": [0.01, -0.05, -0.02, -0.1, np.nan],
        "high": [0.07, -0.01, 0.022, 0.14, np.nan],
    }
)
